"""Facts about the generator that training and benchmarks lean on."""

import random
import unittest

import numpy as np

from render import render
from synth import charset, codes, corners, sheets, texts


class Codes(unittest.TestCase):
    def test_the_check_character_of_a_known_credit_code(self):
        # A published example of GB 32100-2015: 91350100M000100Y43.
        self.assertEqual(codes.credit_check("91350100M000100Y4"), "3")

    def test_the_check_digit_of_a_known_citizen_number(self):
        # The example of GB 11643-1999: 11010519491231002X.
        self.assertEqual(codes.id_check("11010519491231002"), "X")

    def test_the_check_character_of_a_known_organisation_code(self):
        # The example of GB 11714-1997: D2143569-X.
        self.assertEqual(codes.organisation_check("D2143569"), "X")

    def test_a_citizen_number_is_odd_for_men_and_even_for_women(self):
        rng = random.Random(6)
        for _ in range(100):
            self.assertEqual(int(codes.id_number(rng, sex="男")[16]) % 2, 1)
            self.assertEqual(int(codes.id_number(rng, sex="女")[16]) % 2, 0)

    def test_every_generated_code_carries_its_check_character(self):
        rng = random.Random(4)
        for _ in range(200):
            credit, number = codes.credit_code(rng), codes.id_number(rng)
            self.assertEqual((len(credit), credit[-1]), (18, codes.credit_check(credit[:-1])))
            self.assertEqual(credit[16], codes.organisation_check(credit[8:16]))
            self.assertEqual((len(number), number[-1]), (18, codes.id_check(number[:-1])))


class Words(unittest.TestCase):
    def test_no_word_serves_training_and_evaluation_alike(self):
        train, held = texts.Texts("train", random.Random(1)), texts.Texts("eval", random.Random(1))
        for name in ("prose", "trade_names", "industries", "scopes", "streets"):
            self.assertFalse(set(getattr(train, name)) & set(getattr(held, name)), name)

    def test_the_extended_charset_holds_gb2312_and_keeps_numbers(self):
        base = charset.load_charset()
        wide = charset.extend(base)
        self.assertEqual(wide[: len(base)], base)
        self.assertFalse(set(charset.gb2312_hanzi()) - set(wide))
        self.assertEqual(len(set(charset.general_hanzi())), 8105)
        self.assertFalse(set(charset.general_hanzi()) - set(wide))
        self.assertEqual(len(wide), len(set(wide)))

    def test_every_kind_of_line_draws_a_text(self):
        source = texts.Texts("train", random.Random(2))
        for kind in source.MIX:
            for _ in range(50):
                self.assertTrue(source.of_kind(kind).strip(), kind)


class Pages(unittest.TestCase):
    def test_the_same_seed_gives_the_same_page(self):
        first, truth = render("resident-id-card", "scan", 5, "eval", 60)
        again, same = render("resident-id-card", "scan", 5, "eval", 60)
        self.assertTrue(np.array_equal(first, again))
        self.assertEqual(truth, same)

    def test_a_licence_tells_every_field(self):
        _, truth = render("business-licence", "scan", 1, "eval", 60)
        wanted = {
            "companyName",
            "creditCode",
            "legalRepresentative",
            "companyType",
            "address",
            "registeredCapital",
            "registrationAuthority",
            "businessTerm",
            "businessScope",
            "establishedOn",
        }
        self.assertEqual(set(truth["fields"]), wanted)

    def test_all_of_several_qualifications_are_told(self):
        found = [render("construction-qualification", "scan", seed, "eval", 60)[1] for seed in range(5)]
        for truth in found:
            lines = [line["text"] for line in truth["lines"] if line["field"] == "qualificationCategoryAndGrade"]
            self.assertEqual("；".join(lines), truth["fields"]["qualificationCategoryAndGrade"])
        self.assertGreater(max(truth["fields"]["qualificationCategoryAndGrade"].count("；") for truth in found), 0)

    def test_the_lines_of_a_field_join_to_its_value(self):
        _, truth = render("construction-qualification", "scan", 3, "eval", 60)
        for field in ("companyName", "creditCode", "certificateNumber", "issuingAuthority"):
            joined = "".join(line["text"] for line in truth["lines"] if line["field"] == field)
            self.assertEqual(joined, truth["fields"][field])

    def test_lines_lie_within_the_page(self):
        for kind in ("business-licence", "construction-qualification", "form", "prose", "resident-id-card-back"):
            _, truth = render(kind, "scan", 2, "eval", 60)
            for line in truth["lines"]:
                x, y, width, height = line["box"]
                self.assertGreaterEqual(min(x, y), 0, line)
                self.assertLessEqual(x + width, truth["page"]["widthMm"] + 0.5, line)
                self.assertLessEqual(y + height, truth["page"]["heightMm"] + 0.5, line)


class Corners(unittest.TestCase):
    QUAD = np.array([[40.0, 30], [240, 30], [240, 310], [40, 310]])

    def test_a_patch_shows_its_corner_at_the_upper_left(self):
        picture = np.zeros((340, 300, 3), np.uint8)
        picture[30:310, 40:240] = 200
        picture[30:50, 220:240, 1:] = 0  # red, a tenth of the shorter side, at the second corner
        for number in range(4):
            patch = corners.patch_of(picture, self.QUAD, number)
            # Half a hundredth of the shorter side for a pixel: twelve of them lie outside, the mark takes the next twenty.
            self.assertEqual(patch[5, 32].tolist() + patch[32, 5].tolist(), [0] * 6)
            self.assertEqual(patch[20, 20].tolist(), [200, 0, 0] if number == 1 else [200] * 3)
            self.assertEqual(patch[50, 50].tolist(), [200] * 3)

    def test_what_is_folded_or_missing_leaves_the_sheets_outline(self):
        rng, seen = np.random.default_rng(8), set()
        for _ in range(40):
            outline, _, notes = corners.spoil(np.zeros((340, 300, 3), np.float32), self.QUAD, rng, False, share=0.5)
            mask = sheets.polygon_mask(outline, 340, 300)
            for (state, kind, size), (x, y) in zip(notes, [(41, 31), (238, 31), (238, 308), (41, 308)]):
                seen.add(state)
                self.assertEqual(size > 0, state != "whole")
                if kind in ("over", "under", "cut off", "plain"):
                    self.assertEqual(bool(mask[y, x] > 128), state == "whole", kind)
        self.assertEqual(seen, set(corners.STATES))


if __name__ == "__main__":
    unittest.main()

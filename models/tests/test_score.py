"""Facts about scoring."""

import unittest

import numpy as np

from reading.score import align, errors, errors_by_part, fold, group
from synth.detection import merge_rows


def quad(x, y, w, h):
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], float)


class Score(unittest.TestCase):
    def test_full_and_half_width_are_one(self):
        self.assertEqual(fold("（鲁）ＪＺ：１２"), fold("(鲁)JZ:12"))

    def test_a_dropped_and_a_changed_character_count_two(self):
        self.assertEqual(errors(align("土木工程。", "士木工程")), 2)

    def test_a_label_and_its_value_read_as_one_box_lose_nothing(self):
        trues = [[0, 0, 40, 10], [42, 0, 60, 10]]
        groups = group(trues, [quad(0, 0, 102, 10), quad(0, 50, 20, 10)])
        self.assertIn(([0, 1], [0]), groups)
        self.assertIn(([], [1]), groups)
        self.assertEqual(errors_by_part(["姓名", "土豆"], "姓名士豆"), [0, 1])

    def test_only_near_boxes_of_a_row_are_joined(self):
        self.assertEqual(len(merge_rows([[0, 0, 40, 10], [44, 0, 20, 10], [90, 0, 20, 10], [0, 30, 20, 10]])), 3)


if __name__ == "__main__":
    unittest.main()

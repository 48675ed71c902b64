/**
 * 驱动下载: what somebody's own computer needs before a key or a card reader works in its browser, and what is told where it
 * does not. A station has its drivers with it: there `atStation` is said in place of all that.
 */
import { z } from 'zod';

const title = z.string().trim().min(1).max(100);
const text = z.string().trim().min(1).max(1000);
const url = z.url({ protocol: /^https?$/ }).max(1000);

export const driverGuideSchema = z.strictObject({
  /** The page's title, and the button that leads to it. */
  title,
  key: z.strictObject({
    /** The driver's name. */
    driver: title,
    /** For whom it is. */
    needed: text,
    download: z.strictObject({ label: title, url }),
    /** One after the other. */
    steps: z.array(text).min(1).max(20),
    /** What must be closed before it is installed, and why. */
    closeBefore: z.array(text).min(1).max(10),
    /** By what one sees that it is there. */
    installed: z.strictObject({ icon: title, text }),
    /** How it is there every time. */
    startWithSystem: text,
    /** What is told where no key is seen, also after a first installation. */
    missing: z.array(text).min(1).max(10),
  }),
  reader: z.strictObject({
    label: title,
    needed: text,
    steps: z.array(text).min(1).max(20),
    /** What is told where a reader is connected and reads nothing, one after the other. */
    unread: z.array(text).min(1).max(10).exactOptional(),
  }),
  browsers: z.strictObject({
    required: text,
    names: z.array(title).min(1).max(10),
    /** What is told where signing does not go, one after the other. */
    signing: z.array(text).min(1).max(10),
  }),
  /** Why nobody has to do any of this at a station. */
  atStation: z.array(text).min(1).max(10),
});
export type DriverGuide = z.infer<typeof driverGuideSchema>;

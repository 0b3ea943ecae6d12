/** How far one side may be ahead of the other, in bytes. As much is held, at most, of what nobody takes. */
export const WINDOW = 128 * 1024;
/** What was taken is told in steps of so many bytes: less than the window, so that the other side never waits for it. */
export const ACKNOWLEDGED = 32 * 1024;

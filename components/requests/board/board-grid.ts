/** From this width of a board on, in pixels, all tracks share one axis; the classes say the same. */
export const sharedFrom = 740;
/** Columns of the board's head and rows. */
export const boardGrid =
  "grid-cols-1 gap-x-4 px-4 @min-[740px]:grid-cols-[minmax(15rem,19rem)_minmax(0,1fr)_9.5rem]";

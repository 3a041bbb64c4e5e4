/** A megabyte: a row of the console's database, and what a download holds in memory at once. */
export const pieceBytes = 1024 * 1024;

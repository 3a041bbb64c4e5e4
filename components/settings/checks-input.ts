import type { ReadInput } from "@/lib/client/reads.ts";

/** What the page asks, the same on the server and in the browser: every target the person may see. */
export const checksInput: ReadInput<"checks"> = { target: null };

/** Objects that the sheet of a check names; the rest it counts. */
export const objectsShown = 100;

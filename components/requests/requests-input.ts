import type { ReadInput } from "@/lib/client/reads.ts";

/** Requests are the console's, of every target at once: their reads name none. */
export const ofConsole = { target: "" } as const;

/** The same on the server and in the browser. */
export const openRequestsInput: ReadInput<"requests"> = { state: "open", limit: 500 };
export const requestInput = (number: number): { request: number } => ({ request: number });

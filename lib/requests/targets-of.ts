import { env } from "../env.ts";
import type { RequestRow } from "./read-request.ts";

/** The targets that a request is about: those that it names, or every one that is configured. */
export function targetsOf({ targets }: Pick<RequestRow, "targets">): string[] {
  return targets.length > 0 ? targets : env().targets.map(({ name }) => name);
}

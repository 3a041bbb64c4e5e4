import { act } from "@/app/actions/act";
import type { ResultError } from "../result.ts";
import { postAuth } from "./auth-requests.ts";
import { toReadFailure } from "./reads.ts";

/**
 * Some actions ask once more whether it is still the signed-in person who sits there. Whichever action meets that waits
 * here for the one dialog of the page (components/shell/reauthenticate-dialog.tsx), then goes on.
 */
let waiting: ((proven: boolean) => void)[] = [];
const listeners = new Set<() => void>();

export const reauthentication = {
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  isAsked: () => waiting.length > 0,
  /** @returns whether it was proven; false when the person gave up */
  ask: () =>
    new Promise<boolean>((resolve) => {
      waiting = [...waiting, resolve];
      for (const listener of listeners) listener();
    }),
  settle(proven: boolean) {
    const settled = waiting;
    waiting = [];
    for (const resolve of settled) resolve(proven);
    for (const listener of listeners) listener();
  },
};

/** @returns what is wrong, or null when the password was right */
export async function proveByPassword(password: string): Promise<ResultError | null> {
  try {
    const answer = await act("reauthenticate", { password });
    return answer.ok ? null : answer.error;
  } catch (thrown) {
    return toReadFailure(thrown);
  }
}

/** Leaves for the provider, which asks anew, and comes back to this page. @returns what is wrong when that cannot be */
export async function proveAtProvider(): Promise<string | null> {
  const callbackUrl = window.location.pathname + window.location.search;
  const answer = await postAuth("signin/oidc?prompt=login&max_age=0", { callbackUrl });
  if ("error" in answer) return "The provider cannot be reached just now.";
  window.location.assign(answer.url);
  return null;
}

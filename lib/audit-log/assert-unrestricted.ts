import { AppError } from "../errors.ts";

/**
 * @param restricted tokens of people whose data is restricted
 * @throws AppError FORBIDDEN for an event of one of them: that it exists is no secret, what it says is not shown
 */
export function assertUnrestricted(
  { actorToken, targetToken }: { actorToken: string | null; targetToken: string | null },
  restricted: readonly string[],
): void {
  if (![actorToken, targetToken].some((token) => token !== null && restricted.includes(token))) return;
  throw new AppError("FORBIDDEN", "This event is not shown: the data of a person in it is restricted.", {
    hint: "A privacy officer can lift the restriction, or show the person's events for a time on a ground of Art. 18(2) GDPR.",
  });
}

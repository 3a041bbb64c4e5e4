import { type AdminActionName, listActions } from "../../admin.ts";
import { AppError } from "../../errors.ts";
import { actionOperation } from "../actions/operation.ts";

/** `POST /api/v1/privacy/{verb}`: the action behind each. Whoever it is about stands in the body, never in an address. */
export const privacyDoors = {
  subject: "viewSubject",
  erase: "erasePolicy",
  redact: "redactValues",
  restrict: "restrictSubject",
  allow: "allowRestricted",
  lift: "liftRestriction",
} as const satisfies Record<string, AdminActionName>;

/** @throws AppError NOT_FOUND */
export function privacyDoor(verb: string): (typeof privacyDoors)[keyof typeof privacyDoors] {
  if (Object.hasOwn(privacyDoors, verb)) return privacyDoors[verb as keyof typeof privacyDoors];
  throw new AppError("NOT_FOUND", `Privacy has no action named "${verb}".`, {
    hint: `There are: ${Object.keys(privacyDoors).join(", ")}.`,
  });
}

/** The operations by their addresses. */
export function privacyPaths() {
  const verbs = listActions();
  return Object.fromEntries(
    Object.entries(privacyDoors).map(([verb, name]) => {
      const action = verbs.find(([known]) => known === name)?.[1];
      if (!action) throw new Error(`there is no action ${name}`);
      return [`/api/v1/privacy/${verb}`, { post: actionOperation(`${name}At`, action) }];
    }),
  );
}

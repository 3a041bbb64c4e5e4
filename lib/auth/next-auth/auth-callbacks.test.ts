import { expect, test } from "vitest";
import { AppError } from "../../errors.ts";
import { refuseOidc } from "../oidc-refusal.ts";
import { oidcErrorCode } from "./auth-callbacks.ts";

const logged: unknown[] = [];
const logger = { error: (line: unknown) => logged.push(line) };

test("why single sign-on is refused is told by the error itself, whatever its words are", () => {
  for (const reason of ["OIDC_NO_EMAIL", "OIDC_UNVERIFIED", "OIDC_DISABLED"] as const) {
    for (const message of ["", "not verified", "disabled", "no e-mail", "Zamítnuto."]) {
      const error = Object.assign(refuseOidc(reason), { message });
      expect(oidcErrorCode(error, logger), `${reason}: ${message}`).toBe(reason);
    }
  }
  const other = new AppError("FORBIDDEN", "This e-mail address is disabled: it was never verified.");
  expect(oidcErrorCode(other, logger)).toBe("FORBIDDEN");
  expect(logged).toEqual([]);
});

test("what is unexpected is INTERNAL and stands in the log", () => {
  const thrown = new Error("verified by somebody else");
  expect(oidcErrorCode(thrown, logger)).toBe("INTERNAL");
  expect(logged).toEqual([{ door: "single sign-on", err: thrown }]);
});

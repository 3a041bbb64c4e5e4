import { AppError } from "../../errors.ts";
import { sqlStateOf } from "../../sql-state.ts";
import { tellRefusal } from "../pool/driver-error.ts";

/** Why a database let nothing be redacted, in words. */
export function explainRefusal(thrown: unknown): unknown {
  switch (sqlStateOf(thrown)) {
    case "42P01":
    case "42703":
      return new AppError(
        "UNSUPPORTED",
        "This database has no audit_log of ours, or one that knows no redaction.",
        {
          cause: thrown,
          hint: "Run `audit-db migrate` to see and apply the audit schema.",
        },
      );
    case "42501":
      return new AppError("FORBIDDEN", "The privacy connection may not redact events here.", {
        cause: thrown,
        hint: "Its role must be able to become audit_privacy: GRANT audit_privacy TO that_role; then run `audit-db migrate`.",
      });
    default:
      return tellRefusal(thrown, "engine.redact_events");
  }
}

import { AppError } from "../errors.ts";

/** Why a provider's identity is turned away. The sign-in page has its own words for each of these. */
export type OidcRefusal = "OIDC_NO_EMAIL" | "OIDC_UNVERIFIED" | "OIDC_DISABLED";

const messages: Record<OidcRefusal, string> = {
  OIDC_NO_EMAIL: "The provider did not say which e-mail address is yours.",
  OIDC_UNVERIFIED: "The provider has not verified your e-mail address.",
  OIDC_DISABLED: "This account is disabled. Ask an administrator.",
};

// On the error itself, as AppError's brand is: it may come from another of Next's bundles.
const refusalKey = Symbol.for("audit-db-dashboard.OidcRefusal");

/** FORBIDDEN, for this reason. */
export function refuseOidc(refusal: OidcRefusal): AppError {
  return Object.assign(new AppError("FORBIDDEN", messages[refusal]), { [refusalKey]: refusal });
}

/** The reason of an error that `refuseOidc` made; null for any other. */
export function oidcRefusalOf(thrown: unknown): OidcRefusal | null {
  return thrown instanceof AppError ? ((thrown as { [refusalKey]?: OidcRefusal })[refusalKey] ?? null) : null;
}

/** What the sign-in page says for each code it may be given. */
const words: Record<string, string> = {
  UNAUTHENTICATED: "E-mail or password is wrong.",
  RATE_LIMITED: "Too many failed attempts. Wait 15 minutes, then try again.",
  OVERLOADED: "The console is busy just now. Try again in a moment.",
  UNAVAILABLE: "The console's own database cannot be reached just now. Try again in a moment.",
  OFFLINE: "The console does not answer. Check your connection, then try again.",
  INTERNAL: "Signing in failed for a reason the console's log has recorded.",
  OIDC_UNVERIFIED: "The provider has not verified your e-mail address, so it cannot be used here.",
  OIDC_DISABLED: "This account is disabled. Ask an administrator.",
  OIDC_NO_EMAIL: "The provider did not say which e-mail address is yours.",
  OAuthSignin: "The single sign-on provider cannot be reached. Try again, or use a password.",
  OAuthCallback: "The single sign-on provider's answer could not be accepted. Try again.",
  Callback: "The single sign-on provider's answer could not be accepted. Try again.",
  AccessDenied: "The single sign-on provider did not let you in.",
};

export function signInWords(code: string): string {
  return Object.hasOwn(words, code) ? (words[code] ?? "") : "Signing in did not work. Try again.";
}

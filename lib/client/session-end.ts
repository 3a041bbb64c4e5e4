let leaving = false;

/** The session ended: to the sign-in page, keeping the address to come back to. Once, however many reads fail. */
export function leaveToSignIn() {
  if (leaving) return;
  leaving = true;
  const back = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?callbackUrl=${encodeURIComponent(back)}`);
}

/** What every box that floats over the page looks like. */
export const floatingBox =
  "z-50 animate-appear rounded-lg border border-hairline-strong bg-raised text-ink shadow-raised outline-none";

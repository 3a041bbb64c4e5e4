const key = "audit-db.inbox";

/** Remembers the list with its filters, so that the way back leads there. */
export function rememberInbox(address: string): void {
  try {
    window.sessionStorage.setItem(key, address);
  } catch {
    // A browser that keeps nothing leads to the list without filters.
  }
}

/** The inbox as it was left in this tab, of the same target; else the plain one. */
export function backToInbox(target: string): string {
  const plain = `/${encodeURIComponent(target)}/alerts`;
  if (typeof window === "undefined") return plain;
  try {
    const last = window.sessionStorage.getItem(key);
    return last?.startsWith(`${plain}?`) ? last : plain;
  } catch {
    return plain;
  }
}

/** What comes of an action that only two people can do, for whoever has to agree to it; by the action's name. */
export const approvalEffects: Record<string, string> = {
  "check.set-guarded":
    "These limits take effect at once. A check that watches integrity, guards or grants then warns of less, or later, than by its own limits.",
  "privacy.erase":
    "The person's key under this policy is destroyed: their events there become unreadable for good, and nobody can tell whose they were. A floor or a hold keeps it until it ends. It cannot be undone.",
  "privacy.redact_values":
    "The named values are taken out of these events, in the log itself. The rows stay and their leaves verify. It cannot be undone.",
  "receipt_key.trust":
    "Receipts that this key signed are believed from now on, and a replay does what they say: it destroys keys again.",
  "silence.create-guarded":
    "It begins at once: nobody is notified of what it matches until it ends, not even of integrity, guards or grants. Checks go on, and Alerts shows what they find.",
};

/** Null for an action of an earlier version. */
export function approvalEffect(action: string): string | null {
  return approvalEffects[action] ?? null;
}

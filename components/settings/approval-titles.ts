/** What an action that only two people can do is called where people meet it; by the action's name. */
export const approvalTitles: Record<string, string> = {
  "check.set-guarded": "Set guarded limits",
  "privacy.erase": "Erase a person's events",
  "privacy.redact_values": "Redact values of events",
  "receipt_key.trust": "Trust a receipt key",
  "silence.create-guarded": "Silence guarded checks",
};

/** The name itself for an action of an earlier version. */
export function approvalTitle(action: string): string {
  return approvalTitles[action] ?? action;
}

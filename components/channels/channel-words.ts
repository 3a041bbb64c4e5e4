import type { ChannelSummary } from "@/lib/channels/get-channels.ts";
import type { ChannelKind } from "@/lib/channels/kinds.ts";
import type { StoredRoute } from "@/lib/channels/routes.ts";
import { counted, durationInWords } from "@/lib/words.ts";

export const kindTitles: Record<ChannelKind, string> = {
  email: "E-mail",
  webhook: "Webhook",
  slack: "Slack",
  teams: "Microsoft Teams",
  pagerduty: "PagerDuty",
  alertmanager: "Alertmanager",
};

/** Where a channel leads, without anything secret. */
export function destinationWords({ kind, config, host }: ChannelSummary, mailServer: boolean): string {
  if (kind !== "email") return host ?? "the address is kept as a secret";
  const { to } = config as { to: string[] };
  const server = host ?? (mailServer ? "the mail server of SMTP_URL" : "no mail server: set SMTP_URL");
  return `${to.slice(0, 2).join(", ")}${to.length > 2 ? ` and ${to.length - 2} more` : ""} by ${server}`;
}

type Pace = Pick<StoredRoute, "groupWaitSeconds" | "groupIntervalSeconds" | "repeatSeconds">;

/** "after 30 s; what joins it at most each 5 min; again each 4 h" */
export function paceWords({ groupWaitSeconds, groupIntervalSeconds, repeatSeconds }: Pace): string {
  const wait = groupWaitSeconds === 0 ? "at once" : `after ${durationInWords(groupWaitSeconds)}`;
  const joins = `what joins it at most each ${durationInWords(groupIntervalSeconds)}`;
  const again =
    repeatSeconds === null ? "told once" : `again each ${durationInWords(repeatSeconds)} while nobody has it`;
  return `${wait}; ${joins}; ${again}`;
}

export function waitingWords({ waiting, dead }: ChannelSummary): string | null {
  const parts = [
    ...(waiting > 0 ? [`${counted(waiting, "message")} ${waiting === 1 ? "waits" : "wait"}`] : []),
    ...(dead > 0 ? [`${dead} given up within 7 days`] : []),
  ];
  return parts.length > 0 ? parts.join(", ") : null;
}

import type { AlertSeverity } from "../../drizzle/console/schema/alerts.ts";
import {
  type ChannelKind,
  channelKinds,
  type DeliveryKind,
  deliveryKinds,
} from "../../drizzle/console/schema/channels.ts";

export { type AlertSeverity, type ChannelKind, channelKinds, type DeliveryKind, deliveryKinds };

/** What a kind of channel can be told besides that something fires and that it is over. */
interface Abilities {
  title: string;
  /** Acknowledging is told to it. */
  acknowledge: boolean;
  /** It keeps a state of its own, which lapses when it is not told anew: by what it says, in milliseconds. */
  refreshMs: number | null;
}

export const abilities: Record<ChannelKind, Abilities> = {
  email: { title: "E-mail", acknowledge: false, refreshMs: null },
  webhook: { title: "Webhook", acknowledge: true, refreshMs: null },
  slack: { title: "Slack", acknowledge: false, refreshMs: null },
  teams: { title: "Microsoft Teams", acknowledge: false, refreshMs: null },
  pagerduty: { title: "PagerDuty", acknowledge: true, refreshMs: null },
  alertmanager: { title: "Alertmanager", acknowledge: false, refreshMs: 300_000 },
};

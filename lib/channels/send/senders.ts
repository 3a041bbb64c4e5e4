import type { ChannelKind } from "../kinds.ts";
import { sendAlertmanager } from "./send-alertmanager.ts";
import { sendMail } from "./send-mail.ts";
import { sendPagerduty } from "./send-pagerduty.ts";
import { sendSlack } from "./send-slack.ts";
import { sendTeams } from "./send-teams.ts";
import { sendWebhook } from "./send-webhook.ts";
import type { Sender } from "./sender.ts";

export const senders: Record<ChannelKind, Sender> = {
  email: sendMail,
  webhook: sendWebhook,
  slack: sendSlack,
  teams: sendTeams,
  pagerduty: sendPagerduty,
  alertmanager: sendAlertmanager,
};

import { type ChannelHealth, defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { counted, durationInWords } from "../words.ts";

const limits = { warning: 300, critical: 3_600 };

/** Judged once for the whole console, with its first target. */
export const checkChannels = defineCheck({
  id: "channels.failing",
  title: "Channel failing",
  source: "delivery, channel (console)",
  why: "Deliveries are tried again by themselves, sooner and then later; a channel that takes none for so long does not come back without somebody.",
  unit: "seconds",
  path: "alerts/channels",
  runbook:
    "Alerts do not reach the people behind this channel. Read its answer below Alerts → Routes and channels, mend it there or on the other side, and send a test: what waits goes at once when one message gets there. Messages that waited for three days are given up. Until then see to it that somebody is told another way: alerts go on standing in the inbox.",
  needs: "A channel.",
  thresholds: { ...limits, direction: "rising" },
  whileDown: true,
  optional: true,
  async evaluate({ channels, now }, limitsFor) {
    const found = await channels();
    return {
      objects: found.map((channel) => judgeChannel(channel, now, limitsFor(objectOf(channel)))),
      complete: true,
    };
  },
});

const objectOf = ({ name }: ChannelHealth) => ({ kind: "channel", name }) as const;

/** A channel that its other side wants no more is as bad as one that has failed for long. */
export function judgeChannel(channel: ChannelHealth, now: Date, threshold: Limits): ObjectState {
  const { name, failingSince, error, waiting, disabledBecause } = channel;
  const base = { object: objectOf(channel), threshold, path: "alerts/channels" } as const;
  if (disabledBecause !== null)
    return {
      ...base,
      state: "critical",
      value: null,
      since: failingSince,
      words: {
        title: `The channel ${name} was disabled: nobody is told through it.`,
        detail: `${disabledBecause} Give it another address and enable it, or remove it.`,
      },
    };
  const value = failingSince ? Math.max(0, (now.getTime() - failingSince.getTime()) / 1_000) : 0;
  const state = failingSince ? stateAt(value, threshold) : "ok";
  return {
    ...base,
    state,
    value,
    since: failingSince,
    words: {
      title: failingSince
        ? `Nothing reaches the channel ${name} for ${durationInWords(value)}; ${counted(waiting, "message")} ${waiting === 1 ? "waits" : "wait"}.`
        : `The channel ${name} takes what it is told.`,
      detail: error ?? "Its last message was taken, or there was none yet.",
    },
  };
}

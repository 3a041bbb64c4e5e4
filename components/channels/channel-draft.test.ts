import { expect, test } from "vitest";
import { channelInput } from "@/lib/channels/inputs.ts";
import { type ChannelDraft, channelOf, draftOf } from "./channel-draft.ts";

const written = (change: Partial<ChannelDraft>) =>
  channelOf({ ...draftOf(null, true), name: " ops ", ...change }, undefined);

test.each<[Partial<ChannelDraft>, unknown]>([
  [
    { kind: "email", to: "a@b.test, c@d.test\n" },
    { to: ["a@b.test", "c@d.test"], server: null },
  ],
  [
    {
      kind: "email",
      to: "a@b.test",
      ownServer: true,
      host: "mail.test",
      user: "u",
      from: "x@y.test",
      secret: " p ",
    },
    {
      to: ["a@b.test"],
      server: { host: "mail.test", port: 587, security: "starttls", user: "u", from: "x@y.test" },
    },
  ],
  [{ kind: "webhook", url: "https://a.test/x" }, { url: "https://a.test/x" }],
  [{ kind: "slack", secret: "https://hooks.test/x" }, {}],
  [{ kind: "teams", secret: "https://hooks.test/x" }, {}],
  [{ kind: "pagerduty", secret: "R".repeat(32) }, { baseUrl: "https://events.pagerduty.com" }],
  [
    { kind: "alertmanager", url: "https://am.test" },
    { url: "https://am.test", user: null },
  ],
])("%j is what the verb takes, and is shown again as it was", (change, config) => {
  const input = written(change);
  expect(input).toMatchObject({ name: "ops", details: false, config });
  expect(channelInput.parse(input)).toMatchObject({ config });
  const summary = { kind: input.kind, name: "ops", details: false, config } as never;
  const { secret: _, ...again } = channelOf(draftOf(summary, true), undefined);
  const { secret: __, ...first } = input;
  expect(again).toEqual(first);
});

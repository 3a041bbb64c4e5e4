import { z } from "zod";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { insertRequest } from "./insert-request.ts";
import { openRequestInput, sealedRequest } from "./request-input.ts";
import { sealRequest, withIntake } from "./seal-request.ts";

export const openedAnswer = z.strictObject({
  id: z.uuid(),
  number: z.int(),
  duplicates: sealedRequest.shape.duplicates,
  earlier: sealedRequest.shape.earlier,
});

/**
 * Takes a request in. Who asks is sealed before anything is kept of it. Open requests of the same person and kind are told,
 * and of an erasure the one that was carried out for them before: it stays a request, since events may have come since.
 */
export const openRequest = defineAdminAction({
  name: "request.open",
  role: "privacy_officer",
  person: true,
  input: openRequestInput,
  prepare: {
    kept: sealedRequest,
    async run({ tx, actor, auditTargets, now }, { channel, ...given }) {
      const door = channel ?? (actor.kind === "token" ? "api" : "form");
      return withIntake({ tx, auditTargets, now }, (intake) => sealRequest(intake, given, door));
    },
  },
  answer: openedAnswer,
  async run({ tx, actor, now }, sealed) {
    const { id, number } = await insertRequest(tx, sealed, { actor, source: null }, now);
    const { kind, regime, channel, duplicates, earlier } = sealed;
    return {
      data: { id, number, duplicates, earlier },
      object: { type: "request", id: String(number) },
      facts: { kind, regime, channel, duplicates, earlier: earlier?.request ?? null },
    };
  },
});

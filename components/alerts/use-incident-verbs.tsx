"use client";

import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { toast } from "@/lib/client/notices.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import type { ResultError } from "@/lib/result.ts";
import { patchIncidents } from "./patch-incidents.ts";
import { type AskedVerb, VerbDialog } from "./verb-dialog.tsx";
import { doneWords, mayBe, type Verb } from "./verb-words.ts";

export interface IncidentVerbs {
  /** Does it to those that it can be done to; asks first where something must be said. */
  ask(verb: Verb, incidents: readonly IncidentLine[]): void;
  assign(incidents: readonly IncidentLine[], to: { id: string; name: string } | null): void;
  /** Answers why it did not arrive; null when it did. */
  comment(incident: IncidentLine, text: string): Promise<string | null>;
  pending: Verb | "assign" | null;
  /** Why the last one was refused: somebody else was first, or it is no more as it was. */
  refusal: ResultError | null;
  dialog: ReactNode;
}

/** Every incident under the version that was seen: whoever acts decides on what they see. */
interface Chosen {
  target: string;
  incidents: { id: string; version?: number }[];
}
type Answer = { changed: unknown[]; refused: { number: number | null; message: string }[] };

/** What people do to incidents, one or several, also of several targets. */
export function useIncidentVerbs({ onDone }: { onDone?: () => void } = {}): IncidentVerbs {
  const client = useQueryClient();
  const { person } = useConsole();
  const [asked, setAsked] = useState<{ verb: AskedVerb; incidents: readonly IncidentLine[] } | null>(null);
  const [pending, setPending] = useState<IncidentVerbs["pending"]>(null);
  const [refusal, setRefusal] = useState<ResultError | null>(null);
  const failed = useRef<ResultError | null>(null);
  const fail = {
    toastErrors: false,
    onFailure: (error: ResultError) => {
      failed.current = error;
    },
  };
  const acknowledge = useAdminAction("acknowledgeIncident", fail);
  const unacknowledge = useAdminAction("unacknowledgeIncident", fail);
  const assignTo = useAdminAction("assignIncident", fail);
  const snooze = useAdminAction("snoozeIncident", fail);
  const close = useAdminAction("closeIncident", fail);
  const commentOn = useAdminAction("commentOnIncident", fail);

  /** One call a target; answers why the last one failed, null when none did. */
  async function each(
    verb: Verb | "assign",
    incidents: readonly IncidentLine[],
    call: (chosen: Chosen) => Promise<Answer | null>,
  ): Promise<ResultError | null> {
    setPending(verb);
    setRefusal(null);
    failed.current = null;
    let changed = 0;
    const refused: Answer["refused"] = [];
    for (const [target, those] of Map.groupBy(incidents, (incident) => incident.target)) {
      const versioned = verb !== "comment";
      const answer = await call({
        target,
        incidents: those.map(({ id, version }) => ({ id, ...(versioned && { version }) })),
      });
      changed += answer?.changed.length ?? 0;
      refused.push(...(answer?.refused ?? []));
    }
    setPending(null);
    const error = failed.current as ResultError | null;
    const why = error?.message ?? refused[0]?.message;
    if (changed > 0) onDone?.();
    if (changed > 0 && (incidents.length > 1 || verb !== "comment"))
      toast.ok(doneWords(verb, changed), {
        ...(why && { description: `${refused.length + Number(error !== null)} not: ${why}` }),
      });
    if (error) {
      setRefusal(error);
      void client.invalidateQueries({ queryKey: ["read"] });
    }
    return error;
  }

  async function acknowledgeNow(incidents: readonly IncidentLine[]) {
    const at = new Date();
    const takeBack = patchIncidents(client, new Set(incidents.map(({ id }) => id)), (line) => ({
      ...line,
      state: "acknowledged",
      acknowledged: { by: person.name, at, until: null },
    }));
    const error = await each("acknowledge", incidents, (chosen) => acknowledge.run(chosen));
    if (error) {
      takeBack();
      toast.critical(error.message, { ...(error.hint && { description: error.hint }) });
    }
  }

  async function plainly(verb: "unacknowledge" | "close", incidents: readonly IncidentLine[]) {
    const act = verb === "close" ? close : unacknowledge;
    const error = await each(verb, incidents, (chosen) => act.run(chosen));
    if (error) toast.critical(error.message, { ...(error.hint && { description: error.hint }) });
  }

  function ask(verb: Verb, incidents: readonly IncidentLine[]) {
    const able = incidents.filter((incident) => mayBe(verb, incident));
    const [first] = incidents;
    if (able.length === 0) {
      if (first) toast.notice(notNow(verb, first));
      return;
    }
    if (verb === "acknowledge") void acknowledgeNow(able);
    else if (verb === "unacknowledge") void plainly(verb, able);
    else if (verb === "close" && able.every(({ condition }) => condition === "normal"))
      void plainly(verb, able);
    else {
      setRefusal(null);
      setAsked({ verb, incidents: able });
    }
  }

  async function doAsked({ until, text }: { until?: Date; text: string }) {
    if (!asked) return;
    const { verb, incidents } = asked;
    const error = await each(verb, incidents, (chosen) =>
      verb === "snooze"
        ? snooze.run({ ...chosen, until: until ?? new Date() })
        : verb === "close"
          ? close.run({ ...chosen, reason: text })
          : commentOn.run({ ...chosen, text }),
    );
    if (!error) setAsked(null);
  }

  return {
    ask,
    assign: (incidents, to) => {
      const able = incidents.filter((incident) => incident.state !== "closed");
      void each("assign", able, (chosen) => assignTo.run({ ...chosen, to: to?.id ?? null })).then(
        (error) => error && toast.critical(error.message),
      );
    },
    comment: async (incident, text) => {
      const error = await each("comment", [incident], (chosen) => commentOn.run({ ...chosen, text }));
      return error?.message ?? null;
    },
    pending,
    refusal,
    dialog: asked && (
      <VerbDialog
        key={asked.verb}
        {...asked}
        pending={pending !== null}
        problem={refusal?.message ?? null}
        onDo={(what) => void doAsked(what)}
        onCancel={() => setAsked(null)}
      />
    ),
  };
}

function notNow(verb: Verb, { number, state, condition }: IncidentLine): string {
  if (state === "closed") return `#${number} is closed.`;
  if (verb === "acknowledge" && state === "acknowledged") return `#${number} is acknowledged already.`;
  return condition === "normal" ? `#${number} does not fire any more.` : `#${number} is ${state}.`;
}

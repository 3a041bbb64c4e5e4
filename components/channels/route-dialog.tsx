"use client";

import { useState } from "react";
import { MatcherEditor } from "@/components/silences/matcher-editor.tsx";
import { isWritten } from "@/components/silences/silence-draft.ts";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { SelectField, TextField } from "@/components/ui/fields.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import type { RouteList } from "@/lib/channels/get-routes.ts";
import type { StoredRoute } from "@/lib/channels/routes.ts";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { draftOf, intervals, type RouteDraft, repeats, routeOf, waits } from "./route-draft.ts";

interface DialogProps {
  /** The route that is changed; null for a new one. */
  route: StoredRoute | null;
  channels: RouteList["channels"];
  onClose: () => void;
}

const severities = ["critical", "warning", "notice"] as const;

/** A route while it is written: what it takes, whom it tells and at which pace. */
export function RouteDialog({ route, channels, onClose }: DialogProps) {
  const [draft, setDraft] = useState<RouteDraft>(() => draftOf(route));
  const isDefault = route?.id === "default";
  const set = useAdminAction("setRoute", { done: ({ name }) => `${name} is set`, toastErrors: false });
  const change = (to: Partial<RouteDraft>) => {
    set.clearError();
    setDraft((last) => ({ ...last, ...to }));
  };
  const toggled = <T,>(all: readonly T[], one: T, on: boolean) =>
    on ? [...all, one] : all.filter((each) => each !== one);
  const ready = draft.name.trim() !== "" && isWritten(draft.matchers);
  async function submit() {
    if (await set.run(routeOf(draft, route?.id))) onClose();
  }
  const listed = <V extends string>(value: string, options: readonly (readonly [V, string])[]) =>
    options.some(([option]) => option === value) ? options : [...options, [value, `${value} s`] as const];
  return (
    <FormDialog
      size="lg"
      title={route ? `Change ${route.name}` : "New route"}
      description={
        isDefault
          ? "It takes what no route before it took."
          : "Routes are asked from the top; the first that takes an alert is the last, unless it says to go on."
      }
      verb={route ? "Save route" : "Make route"}
      complete={ready}
      pending={set.pending}
      problem={errorWords(set.error)}
      noValidate
      wide
      onSubmit={submit}
      onClose={onClose}
    >
      {!isDefault && (
        <>
          <TextField label="Name" value={draft.name} maxLength={80} onChange={(name) => change({ name })} />
          <MatcherEditor target="*" rows={draft.matchers} onChange={(matchers) => change({ matchers })} />
        </>
      )}
      <div className="grid gap-5 sm:grid-cols-2">
        <fieldset className="grid content-start gap-1.5">
          <legend className="mb-1 text-sm font-medium">Severities</legend>
          {severities.map((severity) => (
            <Checkbox
              key={severity}
              label={severity}
              checked={draft.severities.includes(severity)}
              onChange={(on) => change({ severities: toggled(draft.severities, severity, on) })}
            />
          ))}
        </fieldset>
        <fieldset className="grid content-start gap-1.5">
          <legend className="mb-1 text-sm font-medium">Tells</legend>
          <Checkbox
            label="every channel, later ones too"
            checked={draft.channels === null}
            onChange={(on) => change({ channels: on ? null : [] })}
          />
          {draft.channels !== null &&
            channels.map((channel) => (
              <Checkbox
                key={channel.id}
                label={channel.enabled ? channel.name : `${channel.name} (off)`}
                checked={draft.channels?.includes(channel.id) ?? false}
                onChange={(on) => change({ channels: toggled(draft.channels ?? [], channel.id, on) })}
              />
            ))}
          {draft.channels?.length === 0 && (
            <p className="text-sm text-muted">None chosen: nobody is told of what it takes.</p>
          )}
        </fieldset>
      </div>
      <div className="grid gap-4 sm:grid-cols-3">
        <SelectField
          label="First message"
          hint="So that what fires together is told together."
          value={draft.wait}
          onChange={(wait) => change({ wait })}
          options={listed(draft.wait, waits)}
        />
        <SelectField
          label="What joins it"
          hint="At most so often. Graver is told at once."
          value={draft.interval}
          onChange={(interval) => change({ interval })}
          options={listed(draft.interval, intervals)}
        />
        <SelectField
          label="Again"
          hint="While it fires and nobody has it."
          value={draft.repeat}
          onChange={(repeat) => change({ repeat })}
          options={listed(draft.repeat, repeats)}
        />
      </div>
      {!isDefault && (
        <Checkbox
          label="Ask the routes behind it as well"
          checked={draft.goOn}
          onChange={(goOn) => change({ goOn })}
        />
      )}
    </FormDialog>
  );
}

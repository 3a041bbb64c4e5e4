"use client";

import { type FormEvent, useId, useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { SqlBlock } from "@/components/ui/sql-block.tsx";
import type { AdminInput } from "@/lib/admin.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import type { Secret } from "./one-time-secret.tsx";

type Scope = AdminInput<"createToken">["scopes"][number];

const scopeOptions: [Scope, string][] = [
  ["read", "Read"],
  ["append", "Append events"],
  ["operate", "Operate"],
  ["privacy", "Handle privacy"],
  ["admin", "Administer"],
];
const officerOptions = scopeOptions.filter(([scope]) => scope === "read" || scope === "privacy");
const scopeRights: Record<Scope, string> = {
  read: "Every figure of the API, as a viewer sees them.",
  append: "Hands events in over the API and reads nothing. What an application needs.",
  operate: "Everything an operator can do.",
  privacy: "What a privacy officer may.",
  admin: "Everything an administrator may. Rarely what a program needs.",
};
const lifetimes = [
  ["7", "7 days"],
  ["30", "30 days"],
  ["90", "90 days"],
  ["366", "a year"],
] as const;

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSecret: (secret: Secret) => void;
}

export function CreateTokenDialog({ open, onOpenChange, onSecret }: DialogProps) {
  const { targets, person } = useConsole();
  const options = roleReaches(person.role, "admin") ? scopeOptions : officerOptions;
  const [scope, setScope] = useState<Scope>("read");
  const [days, setDays] = useState<(typeof lifetimes)[number][0]>("90");
  const [limited, setLimited] = useState<readonly string[]>([]);
  const create = useAdminAction("createToken", { toastErrors: false });
  const id = useId();
  const problem = create.error?.fields?.name;
  const close = () => {
    create.clearError();
    setScope("read");
    setDays("90");
    setLimited([]);
    onOpenChange(false);
  };
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name"));
    const made = await create.run({
      name,
      scopes: [scope],
      expiresInDays: Number(days),
      ...(limited.length > 0 && { targets: [...limited] }),
    });
    if (!made) return;
    close();
    onSecret({
      title: `Token ${made.name}`,
      lead: "Put it where the program keeps its secrets, never into its code.",
      label: "API token",
      secret: made.secret,
      more: (
        <div className="grid gap-1.5">
          <p className="text-sm font-medium">To try it</p>
          <SqlBlock
            sql={`curl -H "Authorization: Bearer $TOKEN" ${window.location.origin}/api/v1/targets`}
            label="Copy command"
          />
        </div>
      ),
    });
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
      title="New API token"
      size="sm"
      locked={create.pending}
      footer={
        <>
          <Button onClick={close} disabled={create.pending}>
            Cancel
          </Button>
          <Button type="submit" form={id} variant="primary" pending={create.pending}>
            Create the token
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="grid gap-4">
        <Field
          label="Name"
          htmlFor={`${id}-name`}
          hint="What uses it: “grafana”, “nightly report”."
          {...(problem && { problem })}
        >
          <Input id={`${id}-name`} name="name" required maxLength={100} autoComplete="off" />
        </Field>
        <Field label="May" htmlFor={`${id}-scope`} hint={scopeRights[scope]}>
          <Select id={`${id}-scope`} label="May" value={scope} onChange={setScope} options={options} />
        </Field>
        <fieldset className="grid gap-1.5">
          <legend className="mb-1 text-sm font-medium">Targets</legend>
          {targets.map(({ name }) => (
            <Checkbox
              key={name}
              label={name}
              checked={limited.includes(name)}
              onChange={(checked) =>
                setLimited(checked ? [...limited, name] : limited.filter((each) => each !== name))
              }
            />
          ))}
          <p className="text-sm text-muted">
            {limited.length === 0 ? "None chosen: every target, future ones too." : "Only those chosen."}
          </p>
        </fieldset>
        <Field label="Expires after" htmlFor={`${id}-days`}>
          <Select
            id={`${id}-days`}
            label="Expires after"
            value={days}
            onChange={setDays}
            options={lifetimes}
          />
        </Field>
        {create.error && !problem && (
          <p role="alert" className="text-sm text-critical">
            {create.error.message}
          </p>
        )}
      </form>
    </Dialog>
  );
}

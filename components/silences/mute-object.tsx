"use client";

import { BellOff } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button.tsx";
import type { Labels } from "@/lib/alerting/labels.ts";
import { muteMatchers } from "./mute-matchers.ts";
import { SilenceDialog } from "./silence-dialog.tsx";

interface MuteProps {
  target: string;
  labels: Pick<Labels, "check" | "kind" | "object" | "database">;
  /** What people call it. */
  name: string;
  /** Of a check that two administrators alone silence. */
  guarded?: boolean;
  /** A sign instead of words. */
  short?: boolean;
}

/** Begins a silence of one object of a check, with an end. */
export function MuteObject({ target, labels, name, guarded = false, short = false }: MuteProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {short ? (
        <IconButton label={`Mute ${name} until …`} size="sm" onClick={() => setOpen(true)}>
          <BellOff />
        </IconButton>
      ) : (
        <Button
          size="sm"
          variant="ghost"
          icon={<BellOff />}
          aria-label={`Mute ${name} until …`}
          onClick={() => setOpen(true)}
        >
          Mute until …
        </Button>
      )}
      {open && (
        <SilenceDialog
          onClose={() => setOpen(false)}
          title={`Mute ${name}`}
          target={target}
          matchers={muteMatchers(labels)}
          guarded={guarded}
        />
      )}
    </>
  );
}

"use client";

import { BellOff } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { SilenceDialog } from "./silence-dialog.tsx";

/** Begins a silence of an incident's check, until it resolves unless another end is chosen. */
export function SilenceIncident({ incident }: { incident: IncidentLine }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<BellOff />} title="Tell nobody of it for some time" onClick={() => setOpen(true)}>
        Silence
      </Button>
      {open && (
        <SilenceDialog
          onClose={() => setOpen(false)}
          matchers={[{ label: "check", is: "=", value: incident.checkId }]}
          incident={{ id: incident.id, number: incident.number }}
        />
      )}
    </>
  );
}

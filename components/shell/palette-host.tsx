"use client";

import dynamic from "next/dynamic";
import { useIncidentVerbs } from "@/components/alerts/use-incident-verbs.tsx";
import { loadCode } from "@/lib/client/load-code.ts";

const CommandPalette = dynamic(
  () => loadCode(() => import("./command-palette.tsx")).then((m) => m.CommandPalette),
  {
    ssr: false,
  },
);

interface PaletteHostProps {
  open: boolean;
  onClose: () => void;
  onHelp: () => void;
}

/** The palette while it is open; what it began goes on here after it has closed. */
export function PaletteHost({ open, ...rest }: PaletteHostProps) {
  const verbs = useIncidentVerbs();
  return (
    open && <CommandPalette {...rest} onAcknowledge={(incident) => verbs.ask("acknowledge", [incident])} />
  );
}

"use client";

import { Ellipsis } from "lucide-react";
import { useOpenPlan } from "@/components/partition-plan/plan-url.ts";
import { IconButton } from "@/components/ui/button.tsx";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/dropdown-menu.tsx";
import type { PartitionRow } from "@/lib/partitions/types.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import { maintenanceVerbs, structuralVerb } from "./partition-verbs.ts";

/** What may be planned for one partition. */
export function PartitionMenu({ row }: { row: PartitionRow }) {
  const [, plan] = useOpenPlan();
  const structural = structuralVerb(row);
  const name = nameRelation(row);
  return (
    <DropdownMenu
      label={`Plans for ${name}`}
      trigger={
        <IconButton label={`Plans for ${name}`} size="sm">
          <Ellipsis />
        </IconButton>
      }
    >
      <MenuLabel>Plan</MenuLabel>
      {maintenanceVerbs([row]).map(({ label, request }) => (
        <MenuItem key={label} onSelect={() => plan({ request })}>
          {label}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={() => plan({ request: structural.request })}>{structural.label}</MenuItem>
    </DropdownMenu>
  );
}

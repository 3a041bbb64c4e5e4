"use client";

import { ChevronDown } from "lucide-react";
import { useOpenPlan } from "@/components/partition-plan/plan-url.ts";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DropdownMenu, MenuItem } from "@/components/ui/dropdown-menu.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import type { PartitionRow } from "@/lib/partitions/types.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import { maintenanceVerbs, structuralVerb } from "./partition-verbs.ts";

/** The foot of a partition's sheet: what may be planned for it. */
export function PartitionPlans({ row }: { row: PartitionRow }) {
  const { person } = useConsole();
  const [, plan] = useOpenPlan();
  const structural = structuralVerb(row);
  return (
    <>
      {!roleReaches(person.role, "operator") && (
        <p className="mr-auto self-center text-sm text-muted">Plans only: operators carry them out.</p>
      )}
      <DropdownMenu
        label={`Maintenance of ${nameRelation(row)}`}
        trigger={
          <Button>
            Maintain
            <ChevronDown aria-hidden />
          </Button>
        }
      >
        {maintenanceVerbs([row]).map(({ label, request }) => (
          <MenuItem key={label} onSelect={() => plan({ request })}>
            {label}
          </MenuItem>
        ))}
      </DropdownMenu>
      <Button onClick={() => plan({ request: structural.request })}>{structural.label}</Button>
    </>
  );
}

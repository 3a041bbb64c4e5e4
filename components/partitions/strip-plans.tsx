"use client";

import { Ellipsis, Plus } from "lucide-react";
import { useState } from "react";
import { useOpenPlan } from "@/components/partition-plan/plan-url.ts";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/dropdown-menu.tsx";
import { nameRelation } from "@/lib/quote-sql.ts";
import { AttachDialog } from "./attach-dialog.tsx";
import { maintenanceVerbs } from "./partition-verbs.ts";

/** What may be planned for the table as a whole. */
export function StripPlans({ root }: { root: { schema: string; name: string } | undefined }) {
  return root ? <TablePlans root={root} /> : <PlansToCome />;
}

/** Takes their place until it is known which table is shown. */
function PlansToCome() {
  return (
    <>
      <Button size="sm" icon={<Plus />} disabled>
        Create ahead
      </Button>
      <IconButton label="Plans for the table as a whole" size="sm" disabled>
        <Ellipsis />
      </IconButton>
    </>
  );
}

function TablePlans({ root }: { root: { schema: string; name: string } }) {
  const [, plan] = useOpenPlan();
  const [attaching, setAttaching] = useState(false);
  const table = { schema: root.schema, name: root.name };
  const name = nameRelation(root);
  return (
    <>
      <Button size="sm" icon={<Plus />} onClick={() => plan({ request: { verb: "create", table } })}>
        Create ahead
      </Button>
      <DropdownMenu
        label={`Plans for ${name} as a whole`}
        trigger={
          <IconButton label={`Plans for ${name} as a whole`} size="sm">
            <Ellipsis />
          </IconButton>
        }
      >
        <MenuLabel>Plan for the whole table</MenuLabel>
        {maintenanceVerbs([table]).map(({ label, request }) => (
          <MenuItem key={label} onSelect={() => plan({ request })}>
            {label}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem onSelect={() => setAttaching(true)}>Attach a table…</MenuItem>
      </DropdownMenu>
      <AttachDialog
        open={attaching}
        onOpenChange={setAttaching}
        table={table}
        onPlan={(request) => plan({ request })}
      />
    </>
  );
}

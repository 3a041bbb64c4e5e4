"use client";

import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { masterKeyColumns, signingKeyColumns } from "./key-columns.tsx";
import { ReplaceSigningKey } from "./replace-signing-key.tsx";

const latestFirst = { id: "from", desc: true };

/** What the console signs with and wraps its secrets by: ids, ages and counts, never a key. */
export function KeysView() {
  const read = useRead("keys", {});
  const [asking, setAsking] = useState(false);
  const problem = read.data?.problem ?? null;
  return (
    <div className="grid gap-4">
      <Panel
        id="signing-keys"
        title="Signing keys"
        read={read}
        height={140}
        flush
        info={{
          what: "Ed25519 keys that sign what others verify. Their public halves are kept for good and served to everybody at /api/v1/keys as a JWK set.",
        }}
        actions={
          <Button size="sm" icon={<RefreshCw />} disabled={problem !== null} onClick={() => setAsking(true)}>
            Replace the signing key
          </Button>
        }
      >
        {({ signingKeys }) => (
          <DataTable
            id="signing-keys"
            label="Signing keys"
            rows={signingKeys}
            columns={signingKeyColumns}
            rowKey={({ kid }) => kid}
            defaultSort={latestFirst}
            toolbar={false}
            empty="No signing key yet. The worker makes the first one once MASTER_KEY_FILE is set."
          />
        )}
      </Panel>
      <Panel
        id="master-keys"
        title="Master keys"
        read={read}
        height={140}
        flush
        info={{
          what: "Keys that wrap people's keys and every other secret of the console. The worker replaces them and destroys the old ones; `audit-db vault rotate` does it now.",
        }}
      >
        {({ masterKeys, lost }) => (
          <>
            {problem !== null && <p className="px-4 pb-3 text-sm text-critical">{problem}</p>}
            {lost.map(({ masterKeyId, count }) => (
              <p key={masterKeyId} className="px-4 pb-3 text-sm text-critical">
                {count.toLocaleString("en")} keys do not open: the master key {masterKeyId} is not in the
                master key file. Restore the backup that has it.
              </p>
            ))}
            <DataTable
              id="master-keys"
              label="Master keys"
              rows={masterKeys}
              columns={masterKeyColumns}
              rowKey={({ id }) => id}
              defaultSort={latestFirst}
              toolbar={false}
              empty="No master key was used yet"
            />
          </>
        )}
      </Panel>
      <ReplaceSigningKey open={asking} onOpenChange={setAsking} />
    </div>
  );
}

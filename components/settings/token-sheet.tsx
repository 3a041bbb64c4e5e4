"use client";

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { Fact } from "@/components/ui/fact.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { TokenSummary } from "@/lib/accounts/get-tokens.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";

interface SheetProps {
  token: TokenSummary | null;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

const stateWords: Record<TokenSummary["state"], string> = {
  active: "Works.",
  expired: "It has expired.",
  revoked: "Revoked for good.",
  suspended: "Refused while whoever made it is disabled.",
};

/** One token, and the way to end it. */
export function TokenSheet({ token, ...rest }: SheetProps) {
  return (
    <Sheet
      open={token !== null}
      title={token?.name ?? ""}
      description={token ? `${token.prefix}… · ${stateWords[token.state]}` : ""}
      {...rest}
    >
      {token && <TokenBody key={token.id} token={token} />}
    </Sheet>
  );
}

function TokenBody({ token }: { token: TokenSummary }) {
  const [asking, setAsking] = useState(false);
  const revoke = useAdminAction("revokeToken", {
    toastErrors: false,
    done: `Token ${token.name} is revoked`,
  });
  return (
    <div className="grid gap-6">
      <dl className="grid grid-cols-[8rem_1fr] gap-x-4 gap-y-2 text-sm [&_dt]:text-faint">
        <Fact name="May">{token.scopes.join(", ")}</Fact>
        <Fact name="Targets">{token.targets?.join(", ") ?? "all"}</Fact>
        <Fact name="Acts for">{token.createdBy ?? "the command line"}</Fact>
        <Fact name="Made">
          <Time at={token.createdAt} show="instant" />
        </Fact>
        <Fact name="Expires">
          <Time at={token.expiresAt} show="instant" />
        </Fact>
        <Fact name="Last used">{token.lastUsedAt ? <Time at={token.lastUsedAt} /> : "never"}</Fact>
        {token.revokedAt && (
          <Fact name="Revoked">
            <Time at={token.revokedAt} show="instant" />
          </Fact>
        )}
      </dl>
      {token.state !== "revoked" && (
        <div className="border-t border-hairline pt-4">
          <Button icon={<KeyRound />} onClick={() => setAsking(true)}>
            Revoke the token
          </Button>
        </div>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Revoke ${token.name}`}
        verb="Revoke the token"
        phrase={token.name}
        pending={revoke.pending}
        problem={revoke.error?.message ?? null}
        onConfirm={async (typed) => (await revoke.run({ tokenId: token.id }, typed)) !== null}
      >
        Whatever uses it is refused from the next request on. This cannot be undone; a new token has another
        secret.
      </ConfirmDialog>
    </div>
  );
}

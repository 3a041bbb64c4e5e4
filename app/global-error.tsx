"use client";

import "./globals.css";
import { PageFailure } from "@/components/shell/page-failure";

export default function GlobalError(props: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <PageFailure {...props} />
      </body>
    </html>
  );
}

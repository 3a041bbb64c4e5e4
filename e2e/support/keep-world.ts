// node e2e/support/keep-world.ts: servers for specs that are being written, until Ctrl-C; prints what E2E_WORLD is to be.
import { startWorld } from "./start-world.ts";

const { world, stop } = await startWorld();
process.stdout.write(`export E2E_WORLD='${JSON.stringify(world)}'\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    void stop().then(() => process.exit(0));
  });

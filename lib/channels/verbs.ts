import { enableChannel } from "./enable-channel.ts";
import { moveRoute } from "./move-route.ts";
import { removeChannel } from "./remove-channel.ts";
import { removeRoute } from "./remove-route.ts";
import { setChannel } from "./set-channel.ts";
import { setRoute } from "./set-route.ts";
import { testChannel } from "./test-channel.ts";

export const channelsVerbs = {
  enableChannel,
  moveRoute,
  removeChannel,
  removeRoute,
  setChannel,
  setRoute,
  testChannel,
};

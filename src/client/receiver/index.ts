/** `watchpost/receiver`: takes notifications in, from Watchpost or from Zoho itself. */
export { type NodeRequest, type NodeResponse, expressHandler, keepRawBody } from "./express.ts";
export { type FastifyPluginOptions, type FastifyReply, type FastifyRequest, type FastifyScope, fastifyPlugin } from "./fastify.ts";
export { type HonoContext, honoHandler } from "./hono.ts";
export type { NodeStream } from "./node-body.ts";
export { type HeaderLookup, type Notification, type NotifiedOperation, type ReadCallback, readNotification } from "./notification.ts";
export {
  type ReceivedRequest,
  type Receiver,
  type ReceiverAnswer,
  type ReceiverOptions,
  type RefusalReason,
  createReceiver,
} from "./receiver.ts";
export { type Claimed, type SeenStore, memorySeenStore } from "./seen.ts";
export { type SignatureCheck, type SignatureHeaders, type SignatureVerdict, verifySignature } from "./signature.ts";

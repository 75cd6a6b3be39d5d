/**
 * What is wanted of `node:http` besides its types. An `import` of it would read all that it exports, and one of these makes Node load its own
 * fetch and WebSocket, which nobody here uses: some 10 ms of every start.
 */
export const { STATUS_CODES } = process.getBuiltinModule("node:http");

export { redisTokenStore } from './redis-token-store.ts'
export type { RedisTokenStoreOptions } from './redis-token-store.ts'
export type { IoRedisLike, NodeRedisLike, RedisClientLike } from './redis-client.ts'
export type { RedisStoreError } from './redis-store-error.ts'

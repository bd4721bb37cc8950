/**
 * The client that the command has when none is named. NO SECRET: everybody has this key, so that id and key are the same at every
 * start. The real Maskinporten has never known it, and never will.
 */
export const defaultClient = {
  clientId: 'e0000000-0000-4000-8000-00000000000c',
  jwk: {
    kty: 'RSA',
    kid: 'no-secret-of-maskinporten-emulator',
    n: 'lG9Yuf8d7PevvCX16sSN1XlkVpApvnfHnutFvUy2tux6O325hODeqS9SZSmvvBts15naGuCF5R2koqOX_01vgFlPXZYcs9WCcK1y9EjxCgC4ftyMVEaw8rBlnbaMcWtFmvXK5W3kLlRzJu2sa2pPbRxzAMNoOlBxuXcpzEfBK0_SqjDu-wHx6pFm8tXiFHCFsq1ilk2s9RJhB5SAiBBG-nlGhL-knwY8bmtmPGWcDGazYPQdHm2zT5awouR2G186dzg8u2_w1ew0LXQayeF0RX-nUav0i_XTSDciUOFxm5356ZseW3XH3Ith9FSplnfuIj9-bKDuFZv0tHdb3zV-OQ',
    e: 'AQAB',
    d: 'BdO4LzcLaPPRP4ja9lAohD6beIV4ygwgN0YjqvqBur0eUEsPdx6vxwL_UE7aYf9OnskgpYj2YKfxAFx9OU3EKIz4_2LG9i1VzVAV0O6zHbIpC_vi-2T6CdDwcEhMC6DLLvnisO6HNGVmztqqN95Ix28EOb2yEAX77Oy3ZJhVhjpw69ZdyLkXLjMZcPlzbfnbtvjq2L0pZMXDl4zPN3saSXW3_ouOE4dYw_1pMUP1LQ4A9yYJ05HXullq9E6LYaN8BQ5kHf_WZGgw5nd0pQnZpDgNkfg-5ciuyTQGGcoPhu5sIlf6x-JuYf15uZdA4j4-3MDS8Gd3KijwsVJMOKfFbQ',
    p: 'w2FNm04UajnbrwAALUsa8yN89C0K2Lf20SCLBrX-74d4tKhAznaiyjoOPDkK8VcvQBWhcD5uxhE2-vPqZ0H55X3eQDsJ-1StP1SziV9JqsJPJu17a-t55RDE90hBQdOKoVCs1Tdg_FVUZt4NEKEd5Lcr8j9OyU1A2EbvZBQR71U',
    q: 'wn1F-TE04mJyVwx-JuAkUt5U8UsvXN1kwtemBP-ViA0I1UyOsgeCiW4iMIm4TmqSBbMnypdXO29dg-iwgWkLNwTnJBcgimOPeYUocIffYzcMmfY0rSRehSBa4PJFW31aT6PwiXvsK66h85e8sR0KhbMMnOVdIc9V7TY7hPhW61U',
    dp: 'QOtD7iazgdhXtn45kNMz0TYpfri4senuiO5XQ5OVceGBqgV-AxxIWwmPUVNi324otRJ64eDczdNKgXgqmsTBVA_OmWkEmA46wqBSR4Lx51tJEZY3PFSx2_sGd2P6yvSPS6qSwwXzo-R2dvexP6VJWYXDhGqksx6IPVTUllxU2UE',
    dq: 'C_lwjHYmHmYXShq_zZ7xPZTov-50HRCYepKSay5dQ4Ih8BgFlRp3RATe4AQqr9FJ6kXshkGpIkSqCkwSSfVwtlN787Hk1ABrPf0fz0XeUBp8kSIifiKGG0YxsjXYZVijbdHXJm_Vy5614-yMto7mLfMnLKXGhSVh0fgL1BUCLP0',
    qi: 'EZfjg78IX0FAOxC9TgRJq8CDWMcoRKVKw7XGl6JUG2F3CD_sz7-AXOGwy6dWcg6sahtCrozX0fK1v6OBBzjS1azWaJXcJB5nRM04B3yPO4BePviTfJPiuJNLqZQFnTmw5K2YqvWUrZear8ajtG825we6VSr_5cBiIg3tdunU_Dk',
  },
} as const

import { expect, it } from 'vitest'
import { pastTheProxy } from '../loopback.ts'

const loopback = 'localhost,.localhost,127.0.0.1,::1,[::1]'

it('leads loopback past the proxy, in both cases of the name', () => {
  expect(pastTheProxy({ HTTP_PROXY: 'http://127.0.0.1:9' })).toEqual({ NO_PROXY: loopback, no_proxy: loopback })
})

it('keeps what the machine leads past the proxy already, in whichever case it is written', () => {
  expect(pastTheProxy({ NO_PROXY: 'intern.example.no, localhost' }).no_proxy).toBe(
    'intern.example.no,localhost,.localhost,127.0.0.1,::1,[::1]',
  )
  expect(pastTheProxy({ no_proxy: '*', NO_PROXY: 'other' }).NO_PROXY).toBe(`*,${loopback}`)
  expect(pastTheProxy({ no_proxy: '', NO_PROXY: 'other' }).NO_PROXY).toBe(`other,${loopback}`)
})

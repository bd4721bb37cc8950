import { instances } from '../../altinn'

export const dynamic = 'force-dynamic'

export default async function Asked() {
  return <p>{await instances('asked', { next: { revalidate: 3600 } })}</p>
}

import { instances } from '../../altinn'

export const dynamic = 'force-dynamic'

export default async function Dynamic() {
  return <p>{await instances('dynamic')}</p>
}

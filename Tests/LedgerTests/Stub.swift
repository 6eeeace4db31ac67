import Testing
import Ledger
@Test func stub() {}

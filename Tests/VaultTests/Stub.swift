import Testing
import Vault
@Test func stub() {}

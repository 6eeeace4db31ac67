import Testing
import Web
@Test func stub() {}

import Testing
import Store
@Test func stub() {}

import Testing
import Rulebook
@Test func stub() {}

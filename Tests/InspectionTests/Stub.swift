import Testing
import Inspection
@Test func stub() {}

import Testing
import Casework
@Test func stub() {}
